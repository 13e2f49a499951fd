import Testing

@testable import SharedCache

@Suite struct CacheAddressTests {
    @Test(arguments: [
        ("redis://cache", "cache:6379/0"), ("redis://cache:6380/", "cache:6380/0"), ("redis://:secret@cache:1/3", "cache:1/3"),
        ("redis://desk:secret@[::1]:6379/0", "::1:6379/0"), ("redis://desk:a%40b@10.0.0.7", "10.0.0.7:6379/0"),
    ])
    func `an address is read, and shown without its password`(text: String, shown: String) throws {
        let address = try #require(CacheAddress(text))
        #expect("\(address)" == shown)
        var dumped = ""
        dump(address, to: &dumped)
        for secret in ["secret", "a@b", "a%40b"] { #expect(!"\(dumped) \(String(reflecting: address))".contains(secret)) }
    }

    @Test func `a password is what it was before it was put into the address`() {
        #expect(CacheAddress("redis://desk:a%40b%3A%2F%25@cache")?.password == "a@b:/%")
        #expect(CacheAddress("redis://desk:secret@cache")?.user == "desk")
        #expect(CacheAddress("redis://:secret@cache")?.user == nil)
    }

    @Test(arguments: [
        "", "cache:6379", "rediss://cache", "http://cache", "redis://", "redis://cache:0", "redis://cache:70000", "redis://cache/x",
        "redis://cache/-1", "redis://cache/1/2", "redis://desk@cache", "redis://cache?db=1", "redis://a%00b:secret@cache",
    ])
    func `what is no address is refused`(text: String) {
        #expect(CacheAddress(text) == nil)
    }
}
