import Testing

@testable import SignIn

/// What a password may be, and what is kept of it.
@Suite struct PasswordTests {
    static let cheap = ScryptCost(logRounds: 4)

    @Test(arguments: [
        ("elevenchars", false), ("twelve chars", true), (String(repeating: "ab c9", count: 25) + "xyz", true),
        (String(repeating: "ab c9", count: 25) + "wxyz", false), ("ärztinnen üben", true), ("aaaaaaaaaaaa", false), ("abababababab", false),
        ("password1234", false), ("Hospital2026!", false), ("qwertyuiopas", false), ("987654321098", false),
        ("correct horse battery", true), ("my name is asha", false),
    ])
    func `a password is 12 to 128 characters of any kind, and none that is tried first`(password: String, isTaken: Bool) {
        #expect((PasswordPolicy.refusal(of: password, for: "asha") == nil) == isTaken)
    }

    @Test func `characters are counted, not bytes`() {
        #expect(PasswordPolicy.refusal(of: "äöüßéèêçñøåæ", for: "asha") == nil)
        #expect(PasswordPolicy.refusal(of: "äöüßéèêçñøå", for: "asha") != nil)
    }

    @Test func `only the password that was given is known again`() throws {
        let hash = try PasswordHash(of: "correct horse battery", cost: Self.cheap)
        #expect(try hash.matches("correct horse battery"))
        for other in ["", "correct horse batter", "correct horse battery ", "Correct horse battery", "\u{0}"] {
            #expect(try !hash.matches(other))
        }
    }

    @Test func `the same letters are the same password however a keyboard composes them`() throws {
        let hash = try PasswordHash(of: "f\u{00FC}nf \u{00C4}rzte am Bett", cost: Self.cheap)
        #expect(try hash.matches("fu\u{0308}nf A\u{0308}rzte am Bett"))
    }

    @Test func `a password with U+0000 behind it is another one, and none that can be chosen`() throws {
        let hash = try PasswordHash(of: "correct horse battery", cost: Self.cheap)
        #expect(try !hash.matches("correct horse battery\0") && !hash.matches("correct horse battery\0\0"))
        #expect(PasswordPolicy.refusal(of: "correct horse battery\0", for: "asha") != nil)
    }

    @Test func `two hashes of one password differ, and neither holds it`() throws {
        let (one, two) = (
            try PasswordHash(of: "correct horse battery", cost: Self.cheap), try PasswordHash(of: "correct horse battery", cost: Self.cheap)
        )
        #expect(one != two && one.salt != two.salt && one.key != two.key)
        #expect(one.key.count == 32 && one.salt.count == 16)
    }

    @Test func `the usual hash takes 32 MiB three times`() throws {
        let cost = ScryptCost()
        #expect(128 * cost.blockSize << cost.logRounds == 32 << 20 && cost.parallelism == 3)
        #expect(try PasswordHash(of: "correct horse battery").matches("correct horse battery"))
    }
}
