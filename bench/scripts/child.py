if "AM_TASK_FILE" in __import__("os").environ:
    from ompy.appmanager.variables import SCRIPT_PARAMS

    if "fifo" in SCRIPT_PARAMS:
        with open(SCRIPT_PARAMS["fifo"], "w") as pipe:
            pipe.write("x")
print("Hello world!")
