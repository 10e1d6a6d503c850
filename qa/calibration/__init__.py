"""From which confidence on to answer, so that a promise is kept, and for how long it is kept.

Bounds on a share, the choice of a threshold, and what is stored of it with an index. Nothing here
asks a question.
"""
