"""A syntax error that comes from eval."""

eval("1 +* 2")
