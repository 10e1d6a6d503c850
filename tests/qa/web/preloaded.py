"""Imports what the servers need, as they do; `processes` forks them off a process that did this."""

import os

from qa.web import chat

os.environ.update(chat._QUIET)

import gradio
import onnxruntime
import pytest
import starlette.middleware.cors
import starlette.middleware.gzip
import tantivy
import tokenizers
import uvicorn

from index import Index
from qa import Assistant, Retriever
from qa.cli.app import main
from qa.web import auth, page, server

__all__ = [
    "Assistant", "Index", "Retriever", "auth", "chat", "gradio", "main", "onnxruntime",
    "page", "pytest", "server", "starlette", "tantivy", "tokenizers", "uvicorn",
]  # fmt: skip
