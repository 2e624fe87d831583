"""Output beyond ASCII."""

import sys

print("Привет, мир — ¡hola! 日本語 🎉")
print("ошибка", file=sys.stderr)
sys.stdout.write("\u0000 zero and \x7f\n")
print(ascii("é"), repr("\ud800"), "\N{SNOWMAN}")
raise ValueError("исключение 🎉")
