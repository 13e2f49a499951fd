import Testing

@testable import SharedCache

@Suite struct CacheEntryTests {
    let key = CacheKey("hms.doctor.v1", "doctor", "doc_1")
    let entry = CacheEntry([1, 2, 3], at: CacheMoment(time: 1_772_422_200_123_456, generation: 7))

    @Test func `an entry is found again as it was stored`() {
        #expect(CacheEntry(stored: entry.stored(for: key), for: key) == entry)
        let empty = CacheEntry([], at: CacheMoment(time: 0, generation: .max))
        #expect(CacheEntry(stored: empty.stored(for: key), for: key) == empty)
    }

    @Test func `an entry in which a bit is wrong is none, nor is a part of one`() {
        let stored = entry.stored(for: key)
        for bit in 0..<stored.count * 8 {
            var damaged = stored
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(CacheEntry(stored: damaged, for: key) == nil)
        }
        for count in 0..<stored.count { #expect(CacheEntry(stored: Array(stored[..<count]), for: key) == nil) }
    }

    @Test func `the entry of one key is none of another`() {
        #expect(CacheEntry(stored: entry.stored(for: key), for: CacheKey("hms.doctor.v1", "doctor", "doc_2")) == nil)
    }

    @Test func `a time before 1970 is none`() {
        let early = CacheEntry([], at: CacheMoment(time: .min, generation: 0))
        #expect(CacheEntry(stored: early.stored(for: key), for: key) == nil)
    }

    @Test func `no two things have one key`() {
        #expect(CacheKey("c", "a:b", "c") != CacheKey("c", "a", "b:c"))
        #expect(CacheKey("c", "a", "") != CacheKey("c", "", "a"))
        #expect(CacheKey("hms.doctor.v1", "doctor").text == "hms:1:hms.doctor.v1:6=doctor")
    }
}
