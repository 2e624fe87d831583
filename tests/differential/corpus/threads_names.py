"""Names and relations of threads."""

import threading

main = threading.current_thread()
print(main is threading.main_thread(), main.name, main.daemon, main.is_alive(), type(main).__name__)
print(threading.enumerate() == [main], threading.active_count())
print(main.ident == threading.get_ident(), threading.stack_size())
threads = [threading.Thread(target=print, args=(number,)) for number in range(2)]
named = threading.Thread(target=print, name="named")
print([thread.name for thread in [*threads, named]], named.ident)


def run():
    print(threading.current_thread().name, threading.get_ident() != main.ident, threading.active_count())


function = threading.Thread(target=run)
function.start()
function.join()
print(function.name)
