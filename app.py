"""The web chat from a checkout, as a hosted Gradio Space starts it: ``qa web`` once installed."""

import sys

from qa.web.chat import main

if __name__ == "__main__":
    sys.exit(main())
