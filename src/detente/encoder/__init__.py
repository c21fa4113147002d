"""Tokenizer and CamemBERT weights: pretraining, and loading from a folder or a hub id.

Needs only torch, transformers, tokenizers and numpy, so that pretraining also runs on a bare GPU machine.
"""
