"""Seeded random programs: what each op may look like, whole programs, and which numbers of the set they have.

What draws an op is a class with methods, in a module named for the op; makers join them and draw programs. An op's own
module (ops) may bring its programs instead: `FIRST_PROGRAM`, the first number that is theirs, and `draw(maker, draft)`,
which fills a draft and returns it.
"""
