"""The whole portal as files that open from a folder, a memory stick or any web server.

Pages are asked of the hub itself, in this process: there is no second implementation of any.
"""
