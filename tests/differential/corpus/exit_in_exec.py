"""SystemExit out of exec."""

try:
    exec("import sys; sys.exit('inner')")
except SystemExit as error:
    print(error.code)
exec("raise SystemExit(8)")
