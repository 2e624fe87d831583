def fibo(n: int) -> int:
    return n if n < 2 else fibo(n - 1) + fibo(n - 2)


print(fibo(10))
