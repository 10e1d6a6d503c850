"""How good an index and its answers are: question sets, metrics, reports, explanations.

Everything that measures or explains an answer lives here. Nothing here changes an answer.
"""
