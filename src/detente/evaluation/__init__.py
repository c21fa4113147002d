"""How good the labels are, and the decision rule that turns a classifier's logits into them.

Importing this package loads nothing; `decision` needs numpy alone, so that an exported model can use it.
"""
