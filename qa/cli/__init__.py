"""The command line: parse, call the library, print.

`app` is the entry point; the commands stand in modules by what they are about, their shared
options in `options`, all that is printed in `printing`. Nothing here decides what is found or
answered.
"""
