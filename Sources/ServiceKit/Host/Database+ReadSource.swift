public import RPC
public import Storage

/// What the contract marks as `at_once` is read from the service's database.
extension Database: ReadSource {}
