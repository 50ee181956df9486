internal import Node
internal import Hummingbird
internal import Mustache
