internal import Storage
internal import Logging
