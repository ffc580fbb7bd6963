"""The rehearsal Hub: a real server on 127.0.0.1 that speaks the Hub's HTTP contract.

It stores Spaces as bare git repositories and really builds and runs them. Of the rest of the
package it imports only `knowledge`.
"""
