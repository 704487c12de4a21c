"""Equal shares in compiled code, exact all the same.

`election` puts a contest into arrays, `book` keeps who has equal money, `bounds` computes with
doubles that are surely too small or too large, `kernel` runs the rule with them, `replay` repeats a
run in fractions, and `certified` puts these together and decides in fractions what bounds leave
open. Importing the package takes a moment: only code that counts does.
"""
