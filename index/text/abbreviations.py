"""Abbreviations after which a sentence goes on, and whether it does. Pure.

The forms are those that laws, files and letters of Mexico, Argentina and Spain use, of the list of
abbreviations in the *Diccionario panhispánico de dudas* (RAE and ASALE, appendix 2: titles, parts
of laws, addresses, months), the citation forms of Mexico's *Diario Oficial de la Federación* and
Argentina's *Boletín Oficial*, and those after which sentencex cut the laws that
``benchmarks.sentences`` reads. The English ones are those of case and statute citations.
"""

import re

from index.text.folding import fold

__all__ = ["begins", "goes_on"]

# A name follows: it goes on whatever comes.
_TITLES = """
    dr dra dres dras lic lics licda licdo ing ings mtro mtra mtros mtras prof profa arq cp cont
    abog sr sra sres sras srta srtas d dña dn da c cc gral grales gen cnel tte cap capt cmdt
    cmte cdte sgto alte almte brig subtte gob dip dips sen sens min mons pbro fr sto sta ma mª excmo
    excma ilmo ilma hble hon escr notaria mag mgdo mgda deleg delegs cd jr fdo fda vda my cdor
    cdora comod bqto agr vet tnte cnte crio subof agte aux sup dir pte pdte vpte secr
    srio sria rvdo rvda rvmo fco fca gpe gmo mr mrs ms messrs st rev gov maj col lt sgt adm cmdr rep
"""
# A number, a letter or a name follows.
_REFERENCES = """
    const dcto of pol pub proc ind civ nac gral leg fed
    art arts artic artíc fracc fraccs frac fracs inc incs nro nros núm núms num nums nº exp exps
    expte exptes ap aps apdo apdos apart párr párrs parr pár par págs pág pag pags pp p pgs t tt
    tít tit vol vols cap caps cf cfr cit op ob ed eds edit fasc fig figs fol fols f fs ff lám
    lib lín ley res resol dec dto dtos decr disp ord ac acdo circ reg regl sec secc secs cl
    cláus ej ejs ref refs anx av avda avdas blvd boul calz carr cda priv prol esq edif depto
    dpto dptos dep deptos prov provs mun mpio col fracto km kms dom c/ cra urb pza plza pzla
    entlo izda izqda dcha bs ee bto tel tels teléf cel ext int cta ctas cód cod rfc bco cía cia
    hnos suc aprox máx mín prom tasa m$n u$s s/n vs v vgr gr i.e e.g p.ej viz pto ptos pta ptas
    párrf consid cons consids
    cdo rgto estab bol ofic sent jurispr tes considerando no nos para paras ch chs
    approx pt pts ss subsec subd regs ex exh app div dist stat
"""
# An abbreviation that may end a sentence: it goes on unless a word that begins one follows.
_LAST = """
    etc sa cv rl sc ac sas ltd inc corp co bros sl slu uu as m mn n o s sig sigs ss admón dept
    cant kg kgs gr grs hs hrs min seg cm mts mt ha has lts l lt tm
"""
_MONTHS = "ene feb mar abr may jun jul ago sep sept set oct nov dic jan apr aug dec"
# They are words too: as abbreviations they have a number after them.
_WORDS = (
    "art arts no nos par para ley sent ed ap cap min res sec secs fig t f d ord int sol as has o"
)
_AFTER_TIME = "monday tuesday wednesday thursday friday saturday sunday est edt cst pst gmt utc"
_DAYS = frozenset(_AFTER_TIME.split())
# What a letter stands after as a name: "el plan B. Los demás".
_LETTERED = """
    siglo plan vitamina vitaminas grupo tipo clase categoría categoria anexo apartado letra
    inciso serie sección seccion hepatitis punto nivel zona parcela lote bloque torre manzana
    group type class category annex section vitamin level series option grade
"""
_STARTERS = """
    el la los las lo un una unos unas al del de en por para con sin según segun sobre desde
    hasta entre tras ante bajo durante a y e o u pero sino ni que si no se su sus mi mis tu le
    les me nos este esta estos estas esto ese esa esos esas eso aquel aquella ello ella ellos
    ellas él yo cuando como donde dónde qué quién cuál cómo cuándo quien quienes cual cuales
    cada todo toda todos todas otro otra otros otras ningún ninguna nada nadie algunos algunas
    algún alguna muchos también tambien además ademas así asi luego después despues antes ahora
    hoy ayer entonces finalmente asimismo igualmente dicho dicha dichos dichas mientras aunque
    porque pues sí ya hay fue es era son será serán había ha han tiene tenía dice dijo the an it
    he she they we you this that these those there here his her its their our in on at from for
    to with without by of as but and or if when while where what who how why not is was were are
    has have had after before under over since all each any some most many however moreover
    therefore then thus also
"""


def _folded(words: str) -> frozenset[str]:
    """The words as they are written, and without accents."""
    return frozenset(form for word in words.split() for form in (word, fold(word)))


_NAMED = _folded(_TITLES)
_NUMBERED = _folded(_REFERENCES)
_FINAL = _folded(_LAST)
_MONTH = _folded(_MONTHS)
_ORDINARY = _folded(_WORDS)
_WITH_LETTER = _folded(_LETTERED)
_FIRST = frozenset(word.lower() for word in _STARTERS.split())

_MARKUP = "*_#\"'“”‘’«»()[]{}¿¡-–—/|"
_CLOSERS = "'\"»”’)]*_"
_NEXT = re.compile(r"[^\w¿¡]*([¿¡]?)([\w$%]*)(\.?)")
_ACRONYM = re.compile(r"(?:[^\W\d_]{1,2}\.-?){2,}")
_ROMAN = re.compile(r"[IVXLC]+")
_LOOKED_BACK = 60
_END_MARKS = frozenset(".!?…")


def goes_on(text: str, end: int, start: int) -> bool:
    """Whether a sentence goes on at ``start``, with its words before it ending at ``end``."""
    before = text[max(0, end - _LOOKED_BACK) : end].rstrip(_CLOSERS)
    following = _NEXT.match(text, start)
    if before[-1:] not in _END_MARKS or following is None:
        return True
    asks, word, dot = following.groups()
    if not word and not any(map(str.isalnum, text[start : start + 200])):
        return True
    if asks or (word[:1].islower() and not _is_mark(text, following.end(2))):
        return not asks
    if before[-1] != ".":
        return False
    if start == end:
        return not (before[-4:-1].islower() and word[1:2].islower())
    at = len(before)
    while at and (before[at - 1].isalnum() or before[at - 1] in ".$"):
        at -= 1
    previous = before[:at].split()[-1:]
    return _abbreviated(before[at:], "".join(previous), word, bool(dot))


def begins(word: str) -> bool:
    """Whether a word with a capital begins a sentence as a rule and is no name: ``El``."""
    return word.lower() in _FIRST


def _is_mark(text: str, end: int) -> bool:
    """Whether a list's mark, as ``b)``, ends at an offset."""
    return text[end : end + 1] == ")"


def _abbreviated(token: str, previous: str, word: str, dot: bool) -> bool:
    """Whether the last word of a sentence is an abbreviation that goes on with ``word``."""
    first = begins(word) and not dot
    name = token.lower().rstrip(".")
    if len(token) == 2 and token[0].isalpha():
        return _after_initial(token, previous, word, first=first)
    if _ACRONYM.fullmatch(token):
        is_time = token.lower() in ("a.m.", "p.m.") and previous[-1:].isdigit()
        return (word.isupper() or word.lower() in _DAYS) if is_time else not first
    if name in _NAMED:
        return True if name not in _ORDINARY else _is_number(word)
    if name in _MONTH and word[:1].isdigit():
        dated = previous[:1].isdigit() or previous == "de"
        if dated or name not in ("mar", "may", "set", "dec"):
            return True
    if name in _NUMBERED:
        shortened = dot and word.lower() in _NUMBERED | _NAMED  # "Res. Gral."
        return _is_number(word) or shortened or not (first or name in _ORDINARY)
    return name in _FINAL and not first and _is_final(name, token, previous, word)


def _after_initial(token: str, previous: str, word: str, *, first: bool) -> bool:
    """Whether a single letter with a stop is an initial or a short form and ends nothing."""
    name, before = token[0], previous.strip(_MARKUP)
    if fold(before) in _WITH_LETTER or previous.endswith("°"):
        return False
    if name.isupper():
        return bool(word) and not first
    if name == "m" and before.lower() in ("a.", "p."):
        return not first
    party = name in ("v", "c") and before[:1].isupper() and word[:1].isupper()
    return party or word[:1].isdigit() or (name in _NUMBERED and _is_number(word))


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or bool(_ROMAN.fullmatch(word)) or len(word) == 1 or word[:1] == "$"


def _is_final(name: str, token: str, previous: str, word: str) -> bool:
    """Whether an abbreviation that may end a sentence does not."""
    if name in ("uu", "as", "m"):
        return previous.lower().strip(_MARKUP) in ("ee.", "bs.", "a.", "p.")
    if name in _ORDINARY:
        return False
    return word[:1].isdigit() or token[0].isupper()
