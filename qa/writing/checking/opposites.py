"""Words of two sides that a sentence may turn round, beyond those of `qa.questions.opposites`."""

from qa.questions.opposites import OPPOSITES, Opposites

__all__ = ["SIDES"]

# One pair a row, sides apart by a bar, Spanish and English.
_PAIRS = {
    "north": r"norte|septentrional(?:es)?|north(?:ern)?; sur|meridional(?:es)?|south(?:ern)?",
    "east": r"este(?! \w+ó\b)|oriental(?:es)?|east(?:ern)?; oeste|occidental(?:es)?|west(?:ern)?",
    "inside":
        r"dentro|interior(?:es)?|intern[oa]s?|inside|inner|internal; fuera|exterior(?:es)?|"
        r"extern[oa]s?|outside|outer|external",
    "win":
        r"gan(?:a|an|ó|aron|ar|ado)|victorias?|won|wins?|winning|victory; perd(?:ió|ieron|er|"
        r"ido)|pierden?|derrotas?|lost|loses?|losing|defeat",
    "level": r"superior(?:es)?|upper|higher; inferior(?:es)?|lower",
    "high": r"alt[oa]s?|elevad[oa]s?|high; baj[oa]s?|low",
    "sign": r"positiv[oa]s?|positive; negativ[oa]s?|negative",
    "public": r"públic[oa]s?|public; privad[oa]s?|private",
    "old":
        r"antigu[oa]s?|viej[oa]s?|ancient|old|older|oldest; nuev[oa]s?|modern[oa]s?|new|newer|"
        r"newest|young|younger|youngest",
    "always": r"siempre|always; nunca|jamás|never",
    "often":
        r"frecuente(?:mente|s)?|a menudo|common(?:ly)?|often|frequent(?:ly)?; rar[oa]s?|"
        r"raramente|rara vez|rare(?:ly)?|seldom",
    "more": r"más|more; menos|less|fewer",
    "most": r"la mayoría|most; la minoría|fewest|least",
    "all": r"tod[oa]s|all|every; ningún|ningun[oa]|none|no",
    "first": r"primer[oa]?s?|first; últim[oa]s?|last",
    "easy": r"fácil(?:es|mente)?|easy|easily; difícil(?:es|mente)?|difficult|hard",
    "strong": r"fuertes?|strong(?:er|est|ly)?; débil(?:es)?|weak(?:er|est|ly)?",
    "wide": r"grandes?|gran|large|big|great; pequeñ[oa]s?|small|little",
    "long": r"larg[oa]s?|long(?:er|est)?; cort[oa]s?|short(?:er|est)?",
    "better":
        r"mejor(?:es)?|mejoró|mejora|better|best|improved?; peor(?:es)?|empeoró|empeora|worse|"
        r"worst|worsened",
    "rich": r"ric[oa]s?|rich(?:er|est)?; pobres?|poor(?:er|est)?",
    "legal":
        r"legal(?:es|mente)?|lícit[oa]s?|legally; ilegal(?:es|mente)?|ilícit[oa]s?|"
        r"illegal(?:ly)?",
    "possible": r"posibles?|possible; imposibles?|impossible",
    "support":
        r"apoy(?:a|an|ó|aron|ar|ado)|defend(?:ió|ieron)|support(?:s|ed)?|praised; critic(?:a|"
        r"an|ó|aron|ar|ado)|oppose(?:s|d)?|criticis\w+|criticiz\w+|condemned",
    "accept":
        r"acept(?:a|an|ó|aron|ar|ado)|accept(?:s|ed)?|agreed; rechaz(?:a|an|ó|aron|ar|ado)|"
        r"reject(?:s|ed)?|refused|declined",
    "up":
        r"sub(?:e|en|ió|ieron|ir)|asc(?:ien|en)d\w+|rose|rises?|risen|up; baj(?:a|an|ó|aron|"
        r"ar)|desc(?:ien|en)d\w+|fell|falls?|fallen|down",
    "build":
        r"constru(?:yó|yeron|id[oa]s?|ir)|cre(?:ó|aron|ad[oa]s?)|fund(?:ó|aron|ad[oa]s?)|"
        r"built|created|founded|established; destru(?:yó|yeron|id[oa]s?|ir)|disolvi?\w+|"
        r"disuelt[oa]s?|destroyed|dissolved|abolished",
    "begin":
        r"empiez\w+|empez\w+|comenz\w+|comienz\w+|began|begins?|started|starts?; termin(?:a|"
        r"an|ó|aron|ar|ado)|acab(?:a|an|ó|aron)|finaliz\w+|ended|ends?|finished",
    "open":
        r"abr(?:e|en|ió|ieron|ir)|abiert[oa]s?|opened|opens?|open; cierran?|cerr(?:ó|aron|ar|"
        r"ad[oa]s?)|closed|closes?|shut",
    "alive":
        r"viv[oa]s?|alive|living|born|nac(?:e|en|ió|ieron|id[oa]s?); muert[oa]s?|muri(?:ó|"
        r"eron)|falleci\w+|dead|died",
    "in":
        r"entrad?as?|entr(?:a|an|ó|aron|ar)|enter(?:s|ed)?|arriv\w+; salidas?|sal(?:e|en|ió|"
        r"ieron|ir)|left|leav(?:e|es|ing)|exit(?:s|ed)?",
    "give":
        r"pag(?:a|an|ó|aron|ar|ará)|entreg(?:a|an|ó|aron|ar)|paid|pays?|gave|gives?|sent; "
        r"cobr(?:a|an|ó|aron|ar)|recib(?:e|en|ió|ieron|ir)|received|receives?|charged|took|"
        r"takes?",
    "include":
        r"inclu(?:ye|yen|yó|yeron|ido|ida|idos|idas|ir)|includ(?:e|es|ed|ing); exclu(?:ye|yen|"
        r"yó|yeron|ido|ida|idos|idas|ir)|exclud(?:e|es|ed|ing)|excepto|salvo|except",
    "dark": r"clar[oa]s?|luz|light|bright; oscur[oa]s?|oscuridad|dark",
    "hot": r"calientes?|cálid[oa]s?|calor|hot|warm; frí[oa]s?|cold|cool",
    "top": r"arriba|encima|above|over; abajo|debajo|below|under",
    "early":
        r"tempran[oa]s?|principios|early|earlier|earliest; tardí[oa]s?|finales|late|later|"
        r"latest",
    "man":
        r"hombres?|varones|varón|padre|hijo|hermano|rey|men|man|male|father|son|brother|king|"
        r"he; mujer(?:es)?|madre|hija|hermana|reina|women|woman|female|mother|daughter|sister|"
        r"queen|she",
    "left":
        r"izquierd[oa]s?|left-wing|left-hand; derech[oa]s?(?= (?:de|del)\b|$)|right-wing|"
        r"right-hand",
    "with": r"con|with; sin|without",
    "same": r"igual(?:es)?|mism[oa]s?|same|equal; distint[oa]s?|diferentes?|different",
    "true":
        r"verdader[oa]s?|ciert[oa]s?|correct[oa]s?|true|correct; fals[oa]s?|incorrect[oa]s?|"
        r"false|incorrect|wrong",
    "success":
        r"éxitos?|exitos[oa]s?|success(?:ful|fully)?|succeeded; fracas\w+|failures?|failed|"
        r"unsuccessful",
    "must":
        r"obligatori[oa]s?|mandatory|compulsory|required; voluntari[oa]s?|opcional(?:es)?|"
        r"optional|voluntary",
    "most-sized": r"máxim[oa]s?|maximum|maximal; mínim[oa]s?|minimum|minimal",
    "larger":
        r"mayor(?:es)?|larger|largest|greater|greatest|highest; menor(?:es)?|smaller|smallest|"
        r"lowest|least",
}  # fmt: skip
SIDES = (
    *OPPOSITES,
    *(Opposites(name, tuple(words.split("; "))) for name, words in _PAIRS.items()),
)
"""All pairs that a sentence is compared by."""
