"""LangChain: our passages in your prompt for a chat model, and answers quoted without a model."""

from pathlib import Path
from tempfile import TemporaryDirectory

from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from index import Index
from qa.integrations.langchain import QaAssistant, QaRetriever

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "¿Cuándo visitó Rubio México?"
PROMPT = ChatPromptTemplate.from_template(
    "Responde solo con estos pasajes, con su número:\n{passages}\n\nPregunta: {question}"
)


def numbered(documents: list[Document]) -> str:
    """The passages as the prompt shows them."""
    return "\n".join(f"[{n}] {one.page_content}" for n, one in enumerate(documents, 1))


with TemporaryDirectory() as folder:
    with Index.open(folder, create=True) as index:
        index.sync(SEEDS)
    retriever = QaRetriever(index=folder, k=3)
    model = FakeListChatModel(responses=["En septiembre de 2025 [1]."])  # put yours here
    passages = retriever | RunnableLambda(numbered)
    chain = {"passages": passages, "question": RunnablePassthrough()} | PROMPT | model
    print("model:", (chain | StrOutputParser()).invoke(QUESTION))
    for document in retriever.invoke(QUESTION, k=1):
        print("passage:", document.id, document.metadata["title"])
    print("quoted:", QaAssistant(index=folder).invoke(QUESTION).content)
