"""The one exception that means: the user can fix this."""


class UserError(Exception):
    """A mistake in input, configuration or set-up.

    The message shows the offending value, where it stood and the way out; the command line prints it without a traceback
    and exits with status 2.
    """
