"""Words that carry no meaning for a search, lower case and without accents.

Short on purpose: common lists hold "estado" as a form of "estar", and would lose the State, the
Estados Unidos and the state of a matter.
"""

__all__ = ["STOPWORDS"]

STOPWORDS = {
    "es": (  # noqa: SIM905  # a list with one word a line would not be read
        "a al ante aquel aquella aun aunque con como cual cuales cuando cuanto cuanta cuantos "
        "cuantas de del desde donde e el ella ellas ellos en entre era eran es esa ese eso esas "
        "esos esta este esto estas estos fue fueron ha han hay la las le les lo los mas me mi muy "
        "ni no nos o para pero por porque que quien quienes se segun ser si sin sobre son su sus "
        "tambien te tu u un una uno unas unos y ya"
    ).split(),
    "en": (  # noqa: SIM905
        "a an and are as at be been but by can did do does for from had has have he her his how i "
        "if in into is it its me my not of on or our she so such than that the their them then "
        "there these they this those to was we were what when where which who whom whose why will "
        "with would you your"
    ).split(),
}
