"""The ``detente`` command: finds the verb and hands it the rest of the line."""

import sys
from importlib import import_module

from detente.errors import UserError

# Verbs that read conf/VERB.yaml and take Hydra overrides.
CONFIGURED = {
    "prepare": "check the corpus and split it",
    "pretrain": "train tokenizer and encoder on a folder of text",
    "adapt": "fine-tune the pretrained encoder on labelled real sentences",
    "train": "train a classifier on the splits",
    "evaluate": "score a classifier on labelled sentences",
    "behaviour": "test how a classifier reads negation, report, swapped actors, typing habits",
    "export": "make the bundle that other services run without torch",
    "card": "write the model card from what the stages before have measured",
    "promote": "register the bundle, and make it the champion unless it is worse",
}
# Verbs with options of their own; each module has main(arguments).
DIRECT = {
    "label": "label an article or a file of sentences",
    "compare": "test whether evaluations of the same sentences differ",
    "corpus": "check, describe or compare versions of the corpus",
    "benchmark": "rebuild labelled real sentences from your downloads",
    "results": "write the results ledger and the tables made from it",
    "doctor": "say what is here, what is missing and how to bring it",
}

USAGE = """usage: detente VERB [overrides or options]

{verbs}

detente VERB --help says what each one takes."""


def usage() -> str:
    """The list of verbs."""
    return USAGE.format(verbs="\n".join(f"  {verb:<10} {what}" for verb, what in (CONFIGURED | DIRECT).items()))


def main() -> None:
    """Entry point. Ends with status 2 after a mistake the user can fix, told in a line or two."""
    verb, *arguments = sys.argv[1:] or ["--help"]
    if verb in ("-h", "--help"):
        print(usage())
        return
    try:
        if verb in CONFIGURED:
            from detente.commands.hydra_job import run_hydra_job

            run_hydra_job(getattr(import_module(f"detente.commands.{verb}"), verb), verb, arguments)
        elif verb in DIRECT:
            import_module(f"detente.commands.{verb}").main(arguments)
        else:
            raise UserError(f"{verb!r} is not a verb.\n\n{usage()}")
    except UserError as error:
        print(f"detente: {error}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
