# The same script that `make run` uses, in an image: docker build -t bcrao . && docker run -it -v bcrao-data:/app/data bcrao
FROM python:3.11-slim

RUN useradd --create-home --uid 1000 bcrao && mkdir -p /app/data && chown -R bcrao /app
USER bcrao
WORKDIR /app

# Dependencies first: they change seldom, so this layer stays cached. The package itself is only linked in (editable).
COPY --chown=bcrao tools/install tools/install
COPY --chown=bcrao pyproject.toml requirements.lock README.md LICENSE ./
COPY --chown=bcrao bot/__init__.py bot/__init__.py
COPY --chown=bcrao core/__init__.py core/__init__.py
COPY --chown=bcrao storage/__init__.py storage/__init__.py
RUN tools/install

COPY --chown=bcrao . .
# Bytecode for our own packages too: the image may run on a read-only file system.
RUN .venv/bin/python -m compileall -q bot core storage

ENV BCRAO_DATA_DIR=/app/data BCRAO_LOG_FORMAT=json
VOLUME /app/data
STOPSIGNAL SIGTERM
# Green only while the program's own scheduler beats; whether everything else works is told by `doctor`.
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s CMD [".venv/bin/python", "-m", "bot", "health"]
ENTRYPOINT [".venv/bin/python", "-m", "bot"]
CMD ["run"]
