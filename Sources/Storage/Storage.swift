import GRDB
import Collections
