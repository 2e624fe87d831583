"""The locale."""

import locale

print(locale.setlocale(locale.LC_CTYPE), locale.setlocale(locale.LC_NUMERIC), locale.setlocale(locale.LC_TIME))
print(locale.localeconv()["decimal_point"], locale.nl_langinfo(locale.CODESET))
print(locale.setlocale(locale.LC_ALL, ""), locale.str(1.5), locale.strxfrm("a"))
try:
    locale.setlocale(locale.LC_ALL, "no_SUCH")
except locale.Error as error:
    print(error)
