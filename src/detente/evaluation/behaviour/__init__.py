"""Behavioural tests of a model: what it must say, what must not sway it, what must move it.

After CheckList (Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList"): minimum
functionality tests (MFT), invariance tests (INV) and directional expectation tests (DIR).
"""
