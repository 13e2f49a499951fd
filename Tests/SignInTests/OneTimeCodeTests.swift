import Foundation
import Testing

@testable import SignIn

/// Codes of apps, as RFC 6238 has them.
@Suite struct OneTimeCodeTests {
    private let secret = Data("12345678901234567890".utf8)

    @Test(arguments: [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func `the codes of RFC 6238, appendix B, come out`(seconds: Double, code: String) {
        let step = OneTimeCode.step(at: seconds)
        #expect(OneTimeCode.code(secret, step: step, digits: 8) == code)
        #expect(OneTimeCode.code(secret, step: step) == code.suffix(6))
    }

    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
    ])
    func `secrets are written as RFC 4648 has it`(bytes: String, text: String) {
        #expect(Base32.encode(Array(bytes.utf8)) == text)
    }

    @Test func `a code counts in its step, the one before and the one after, and no longer`() {
        let now = 1_234_567_890.0
        let code = OneTimeCode.code(secret, step: OneTimeCode.step(at: now))
        for (seconds, counts) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            #expect((OneTimeCode.matching(code, secret, at: now + Double(seconds), after: nil) != nil) == counts)
        }
        for wrong in ["", "1", "000000", code + "0", String(code.dropLast()), "１２３４５６"] {
            #expect(OneTimeCode.matching(wrong, secret, at: now, after: nil) == nil)
        }
    }

    @Test func `no code is taken twice, nor an older one after it`() {
        var (factor, _) = SecondFactor.make(secret)
        let now = 1_234_567_890.0
        let codes = (-1...1).map { OneTimeCode.code(secret, step: OneTimeCode.step(at: now) + $0) }
        let typed = " \(codes[1].prefix(3)) \(codes[1].suffix(3))"
        let taken = [typed, codes[1], codes[0], codes[2], codes[2]].map { factor.take($0, at: now, with: secret) }
        // One time in a million two of them are the same.
        #expect(taken == [true, false, false, true, false] || Set(codes).count < 3)
    }

    @Test func `a code on paper is good once, however it is typed, and the file holds none`() throws {
        var (factor, codes) = SecondFactor.make()
        #expect(codes.count == 10 && Set(codes).count == 10)
        let stored = String(decoding: try JSONEncoder().encode(factor), as: UTF8.self)
        for code in codes { #expect(!stored.contains(code) && code.wholeMatch(of: /([a-z1-9]{4}-){3}[a-z1-9]{4}/) != nil) }
        let typed = [codes[3].uppercased().replacing("-", with: " "), codes[3], codes[4], "aaaa-aaaa-aaaa-aaaa"]
        let taken = typed.map { factor.take($0, at: 0, with: secret) }
        #expect(taken == [true, false, true, false] && factor.recoveryCodesLeft == 8)
    }
}
