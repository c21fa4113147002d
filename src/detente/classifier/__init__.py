"""Sentence classifiers behind one small interface: fine-tuned CamemBERT, and TF-IDF with logistic regression."""
