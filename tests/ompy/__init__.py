"""Unit tests of ompy, against servers in this process that speak the protocol byte by byte."""
