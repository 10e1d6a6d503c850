"""What is taken for a greeting, a question about the collection, a summary, or two questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversation.intents import Intent, halves, recognise

KNOWN = {
    (Intent.GREETING, "es"): [
        "hola", "¡Hola!", "HOLA", "Hola, buenos días", "buenas tardes", "Buenas", "hola, ¿qué tal?",
        "¿Cómo estás?", "hola a todos", "saludos", "Buen día", "¡Hola, hola!",
    ],
    (Intent.GREETING, "en"): [
        "hello", "Hi!", "hi there", "Good morning", "hey, how are you?", "hello again",
        "What's up?",
    ],
    (Intent.THANKS, "es"): [
        "gracias", "¡Muchas gracias!", "ok, gracias", "Perfecto, muchas gracias", "mil gracias",
        "gracias por tu ayuda", "vale gracias", "te lo agradezco mucho", "ok",
    ],
    (Intent.THANKS, "en"): [
        "thanks!", "Thank you very much", "thanks a lot", "great, thanks", "got it",
        "thank you for your help", "Thanks for everything!",
    ],
    (Intent.GOODBYE, "es"): ["adiós", "hasta luego", "gracias, adios", "chao"],
    (Intent.GOODBYE, "en"): ["bye", "goodbye!", "thanks, bye", "See you later"],
    (Intent.HELP, "es"): [
        "¿Qué puedes hacer?", "que puedes hacer", "QUE SABES HACER", "ayuda", "¿Quién eres?",
        "hola, ¿qué puedes hacer por mí?", "¿Cómo funciona esto?", "¿En qué me puedes ayudar?",
        "¿en que puedes ayudarme?", "¿Para qué sirves?", "¿Qué te puedo preguntar?",
        "¿Qué tipo de preguntas puedo hacerte?",
    ],
    (Intent.HELP, "en"): [
        "What can you do?", "what can you do for me", "help", "Who are you?", "How does this work?",
        "Hi, what can I ask you?", "Can you help me?", "How can you help?", "what do you do?",
    ],
    (Intent.COLLECTION, "es"): [
        "¿Qué documentos tienes?", "que documentos hay", "¿Cuántos documentos hay?",
        "cuantos archivos tienes en total", "¿Qué documentos hay en la colección?",
        "Hola, ¿qué documentos tienes?", "lista de documentos", "muéstrame los documentos",
        "¿Me puedes mostrar los documentos?", "¿De qué documentos dispones?",
        "lista los documentos",
        "¿Cuáles son tus documentos?", "¿Cuántos textos has leído?", "dime qué documentos tienes",
        "¿Qué hay en la base de datos?", "¿Cuál es el número de documentos?", "LISTAR DOCUMENTOS",
        "¿Qué documentos tienes, por favor?",
    ],
    (Intent.COLLECTION, "en"): [
        "Which documents do you have?", "what documents are there", "How many documents are there?",
        "how many files do you have in total?", "list the documents", "Show me all documents",
        "list of documents", "What's in the collection?", "What are your sources?",
        "Please list all the files", "number of documents", "tell me which documents you have",
    ],
    (Intent.SUMMARY, "es"): [
        "resume el documento", "Resume este documento, por favor", "¿De qué trata el documento?",
        "¿De qué va este texto?", "resumen del documento", "Hazme un resumen del artículo",
        "¿Puedes resumir el texto?", "¿me puedes resumir el documento?", "¿Qué dice el documento?",
        "¿De qué tratan los documentos?", "¿Cuál es el tema principal del documento?",
        "de que se trata este archivo", "quiero un resumen de este pdf", "HAZ UN RESUMEN DEL TEXTO",
    ],
    (Intent.SUMMARY, "en"): [
        "Summarise the document", "summarize this document please", "What is this document about?",
        "what's the document about", "Give me a summary of the text", "What do the documents say?",
        "Can you summarise this article?", "What is the main topic of the document?",
    ],
    (Intent.SUMMARY_OF_THIS, "es"): [
        "¿De qué trata?", "de que va", "¿De qué trata esto?", "resúmelo", "resumen", "resume",
        "hazme un resumen", "¿Puedes resumirlo?", "¿de qué se trata?", "resume esto",
    ],
    (Intent.SUMMARY_OF_THIS, "en"): [
        "What is it about?", "what's this about", "Summarise this", "summarize", "tl;dr",
        "give me a summary", "sum it up", "Can you summarise it?", "a short summary, please",
    ],
}  # fmt: skip

REAL = [
    "Hola, ¿cuándo visitó Rubio México?", "¿Por qué dijo hola el presidente?",
    "¿De qué trata el programa de cooperación?", "¿Cuántos documentos firmó el presidente?",
    "¿Qué documentos firmaron México y Estados Unidos?", "¿Qué documentos hay sobre el agua?",
    "¿Qué documentos tienes sobre migración?", "¿Cuántos documentos hay en el archivo de Indias?",
    "¿De qué trata el acuerdo?", "¿De qué habló Rubio?", "resume el discurso del presidente",
    "resume la posición de México", "resumen de la reunión", "¿Qué dice el documento sobre Rubio?",
    "¿De qué trata el artículo 27?", "¿Qué dice el artículo 27 de la Constitución?",
    "gracias a quién se firmó el acuerdo", "¿Quién dio las gracias?", "¿Gracias a qué ganó?",
    "buenos días en náhuatl", "¿Qué puede hacer el presidente?",
    "¿Qué puedes hacer con el permiso?",
    "¿Quién pidió ayuda?", "ayuda humanitaria", "¿Qué hace el secretario?",
    "¿Quién es Marco Rubio?",
    "¿Cómo funciona el programa?", "¿Cómo está la presidenta?", "¿Para qué sirve el permiso?",
    "documentos de identidad", "lista de documentos necesarios para el trámite", "documentos",
    "¿Cuáles son los documentos necesarios?", "texto del acuerdo", "¿Qué archivos se perdieron?",
    "¿Cuándo se despidió con un hasta luego?", "número de documentos firmados",
    "¿De qué se trata el plan y quién lo firmó?", "Hasta luego dijo quién",
    "¿Quién eres tú, Rubio?",
    "What can the president do?", "What is it that Rubio said?", "What is the programme about?",
    "What is it about Mexico that Rubio praised?", "Which documents did the president sign?",
    "How many documents were signed?", "Which documents do you need for a visa?",
    "How many documents are there about water?", "Summarise the position of Mexico",
    "summary of the meeting", "Who said thanks?", "thanks to whom was it signed",
    "Who asked for help?", "help for migrants", "How does this programme work?",
    "What does the document say about Rubio?", "Hi, when did Rubio visit Mexico?",
    "good morning in Nahuatl", "Who are you and what did Rubio say?", "Who are the ministers?",
    "What do you need to apply?", "What files were lost?", "how are you affected by the law?",
    "What is this law about?", "list the documents needed for a visa", "42", "Rubio", "¿?",
]  # fmt: skip


@pytest.mark.parametrize(
    ("message", "expected"),
    [(message, expected) for expected, messages in KNOWN.items() for message in messages],
)
def test_a_message_of_a_known_kind(message: str, expected: tuple[Intent, str]) -> None:
    """It is recognised with its language, and so without accents, marks and in capitals."""
    bare = message.translate(str.maketrans("áéíóúÁÉÍÓÚ", "aeiouAEIOU", "¿?¡!,;"))
    assert recognise(message) == expected
    assert recognise(bare) == recognise(bare.upper()) == expected


@pytest.mark.parametrize("question", REAL)
def test_a_real_question(question: str) -> None:
    """One more word than a greeting needs makes a question for the documents."""
    assert recognise(question) is None


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    """No text is an error, and two halves hold the words of the whole."""
    recognise(text)
    parts = halves(text)
    if parts:
        assert len(" ".join(parts).split()) <= len(text.split()) + 1


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        (
            "¿Cuándo visitó Rubio México y quién lo recibió?",
            "¿Cuándo visitó Rubio México?",
            "¿Quién lo recibió?",
        ),
        (
            "cuando visito rubio mexico y quien lo recibio",
            "cuando visito rubio mexico",
            "quien lo recibio",
        ),
        (
            "¿Cuándo visitó Rubio México? ¿Quién lo recibió?",
            "¿Cuándo visitó Rubio México?",
            "¿Quién lo recibió?",
        ),
        (
            "¿Dónde se firmó el acuerdo, y por qué renunció el ministro?",
            "¿Dónde se firmó el acuerdo?",
            "¿Por qué renunció el ministro?",
        ),
        (
            "¿En qué año nació Juan Rulfo y con quién se casó?",
            "¿En qué año nació Juan Rulfo?",
            "¿Con quién se casó?",
        ),
        (
            "When did Rubio visit Mexico and who received him?",
            "When did Rubio visit Mexico?",
            "who received him?",
        ),
        (
            "Who is the minister of defence? And when did he resign?",
            "Who is the minister of defence?",
            "when did he resign?",
        ),
    ],
)
def test_two_questions(question: str, first: str, second: str) -> None:
    """Both parts ask, and each has words of its own."""
    assert halves(question) == (first, second)


@pytest.mark.parametrize(
    "question",
    [
        "¿Cuándo visitó Rubio México?",
        "¿Cuándo y dónde nació Rulfo?",
        "¿Cuándo nació y dónde murió Rulfo?",
        "¿Quién ganó las elecciones y por qué?",
        "¿Qué dijo Rubio sobre México y Canadá?",
        "¿Qué acordaron México y Estados Unidos?",
        "¿Quién dijo que vendría y que traería el acuerdo?",
        "¿Qué pasa cuando llueve mucho y cuando nieva?",
        "que pasa cuando llueve mucho y cuando nieva",
        "el secretario Rubio y quien lo recibió",
        "Dime cuándo visitó Rubio México y quién lo recibió",
        "¿Cuántos hombres y cuántas mujeres murieron?",
        "¿Cuándo llegó Rubio, quién lo recibió y qué dijo?",
        "¿Qué país colonizó el canal? ¿Chile o Argentina?",
        "¿Qué tal? ¿Cuándo visitó Rubio México?",
        "Rubio y México",
        "Where and when was Rulfo born?",
        "Who wrote and directed the film?",
        "Who won the election and why?",
        "What did the man who came and who left say?",
        "Which country colonised the channel? Chile or Argentina?",
        'When did "Who Is Harry Nilsson (And Why Is Everybody Talkin\')?" go to theatres?',
    ],
)
def test_one_question(question: str) -> None:
    """Where it is not sure that there are two, there is one."""
    assert halves(question) is None
