"""A database in memory."""

import sqlite3

connection = sqlite3.connect(":memory:")
connection.execute("create table t (number integer primary key, name text)")
connection.executemany("insert into t (name) values (?)", [("one",), ("два",)])
connection.create_function("twice", 1, lambda value: value * 2)
print(connection.execute("select number, twice(name) from t order by number").fetchall(), connection.total_changes)
with connection:
    connection.execute("delete from t")
print(connection.execute("select count(*) from t").fetchone(), sqlite3.threadsafety)
connection.execute("select * from nothing")
