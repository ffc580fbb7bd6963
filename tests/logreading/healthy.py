"""Logs of apps and builds that went well, in the forms seen in real ones (2026-11-22)."""

from __future__ import annotations

LOGS: dict[str, str] = {
    "gradio-6": """\
        * Running on local URL:  http://0.0.0.0:7860
        * To create a public link, set `share=True` in `launch()`.
        """,
    "gradio-4": """\
        Running on local URL:  http://127.0.0.1:7992

        To create a public link, set `share=True` in `launch()`.
        """,
    "gradio-ssr": """\
        * Running on local URL:  http://0.0.0.0:7860, with SSR (experimental)
        Exception ignored in: <function BaseEventLoop.__del__ at 0x7f2b1c0d3a60>
        Traceback (most recent call last):
          File "/usr/local/lib/python3.10/asyncio/base_events.py", line 683, in __del__
            self.close()
        ValueError: Invalid file descriptor: -1
        Stopping Node.js server...
        """,
    "zerogpu": """\
        ===== Application Startup at 2026-10-02 15:41:02 =====

        Loading pipeline components...: 100%|####| 7/7 [00:03<00:00,  2.11it/s]
        ZeroGPU tensors packing: 100%|####| 33.8G/33.8G [00:41<00:00, 810MB/s]
        * Running on local URL:  http://0.0.0.0:7860
        SPACES_ZERO_GPU_DEBUG self.arg_queue._writer.fileno()=20
        """,
    "warnings": """\
        /home/user/app/app.py:33: UserWarning: Error while reading infos from Nvidia driver FS
          warnings.warn("Error while reading infos from Nvidia driver FS")
        /home/user/app/app.py:9: FutureWarning: ValueError: is raised by the next version
        """,
    "no-share-link": """\
        * Running on local URL:  http://127.0.0.1:38123

        Could not create share link. Missing file: /home/user/.cache/frpc

        Please check your internet connection.
        """,
    "node-build": """\
        --> RUN cd /app/api && npm install
        npm warn deprecated @types/winston@2.4.4: This is a stub types definition.
        added 413 packages, and audited 414 packages in 12s
        found 0 vulnerabilities
        DONE 14.2s
        """,
    "node": "Server listening on http://0.0.0.0:7860\n",
    "uvicorn": """\
        INFO:     Started server process [1]
        INFO:     Waiting for application startup.
        INFO:     Application startup complete.
        INFO:     Uvicorn running on http://0.0.0.0:7860 (Press CTRL+C to quit)
        INFO:     10.16.4.123:53210 - "GET /missing HTTP/1.1" 404 Not Found
        INFO:     10.16.4.123:53210 - "POST /run HTTP/1.1" 500 Internal Server Error
        """,
    "pip-build": """\
        --> RUN pip install --no-cache-dir -r /tmp/requirements.txt
        Collecting exceptiongroup>=1.0.2
          Downloading exceptiongroup-1.3.0-py3-none-any.whl (16 kB)
        WARNING: Running pip as the 'root' user can result in broken permissions
        [notice] A new release of pip is available: 25.0 -> 26.1
        Successfully installed exceptiongroup-1.3.0 pretty-errors-1.2
        DONE 3.4s
        --> Pushing image
        DONE 18.9s
        """,
    "supervisor": """\
        2026-07-01 10:00:00,001 CRIT Supervisor is running as root.
        2026-07-01 10:00:00,002 INFO supervisord started with pid 1
        2026-07-01 10:00:01,003 INFO success: web entered RUNNING state
        """,
    "keep-alives": "===== Application Startup at 2026-03-26 09:00:00 =====\n\n\n\n",
    "streamlit": """\
          You can now view your Streamlit app in your browser.

          URL: http://0.0.0.0:8501
        """,
}
