"""A console whose input is at its end."""

import code

code.interact(banner="the banner", exitmsg="the end", local={})
