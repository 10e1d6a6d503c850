"""The JSON API of ``qa serve``, for programs in any language. It imports no Gradio."""
