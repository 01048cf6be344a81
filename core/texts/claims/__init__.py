"""Whether the sentences of a text rest on facts. Words that no fact carries are marked, with the reason."""

from core.texts.claims.checking import Checked, check_sentence, check_text, claims_something
from core.texts.claims.clause import Mark
from core.texts.claims.facts import Known, Product
from core.texts.sentences import sentences_in

__all__ = ["Checked", "Known", "Mark", "Product", "check_sentence", "check_text", "claims_something", "sentences_in"]
