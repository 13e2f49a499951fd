/// A number of JSON, taken apart as it is written.
struct JSONNumber {
    /// Longer than any number worth reading: a double has at most 767 significant digits.
    static let longest = 1024

    let text: UnsafeBufferPointer<UInt8>
    private let isNegative: Bool
    private let integer: Range<Int>
    private let fraction: Range<Int>
    /// Clamped to ±10,000, beyond which every number of `longest` digits is 0 or too large.
    private let exponent: Int

    /// The number at the start of the bytes. Nil where there is none.
    init?(prefixOf bytes: UnsafeBufferPointer<UInt8>) {
        var place = 0
        func digits() -> Range<Int> {
            let start = place
            while place < bytes.count, bytes[place].isDigit { place += 1 }
            return start..<place
        }
        func take(_ byte: UInt8) -> Bool {
            guard place < bytes.count, bytes[place] == byte else { return false }
            place += 1
            return true
        }
        isNegative = take(UInt8(ascii: "-"))
        integer = digits()
        guard let first = integer.first, bytes[first] != UInt8(ascii: "0") || integer.count == 1 else { return nil }
        fraction = take(UInt8(ascii: ".")) ? digits() : 0..<0
        guard bytes[place - 1] != UInt8(ascii: ".") else { return nil }
        var exponent = 0
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            let isNegative = take(UInt8(ascii: "-"))
            if !isNegative { _ = take(UInt8(ascii: "+")) }
            let range = digits()
            guard !range.isEmpty else { return nil }
            for digit in range { exponent = min(exponent * 10 + Int(bytes[digit] - UInt8(ascii: "0")), 10_000) }
            if isNegative { exponent = -exponent }
        }
        self.exponent = exponent
        text = UnsafeBufferPointer(rebasing: bytes[..<place])
    }

    /// The exact value, where it is whole and within 64 bits: `1.5e1` is 15.
    var whole: WholeNumber? {
        var magnitude: UInt64 = 0
        let digitCount = integer.count + fraction.count
        let wholeDigits = integer.count + exponent
        for position in 0..<digitCount {
            let digit = UInt64(
                text[position < integer.count ? integer.lowerBound + position : fraction.lowerBound + position - integer.count]
                    - UInt8(ascii: "0"))
            if position >= wholeDigits {
                guard digit == 0 else { return nil }
            } else if !magnitude.append(digit) {
                return nil
            }
        }
        guard magnitude != 0 else { return WholeNumber(isNegative: isNegative, magnitude: 0) }
        for _ in 0..<max(wholeDigits - digitCount, 0) where !magnitude.append(0) { return nil }
        return WholeNumber(isNegative: isNegative, magnitude: magnitude)
    }
}

/// An exact integer of either sign.
@usableFromInline struct WholeNumber {
    @usableFromInline let isNegative: Bool
    @usableFromInline let magnitude: UInt64

    init(isNegative: Bool, magnitude: UInt64) {
        self.isNegative = isNegative
        self.magnitude = magnitude
    }
}

extension FixedWidthInteger {
    /// Nil where the number does not fit.
    @inlinable init?(exactly number: WholeNumber) {
        guard number.isNegative, number.magnitude != 0 else {
            self.init(exactly: number.magnitude)
            return
        }
        guard Self.isSigned, number.magnitude <= Self.min.magnitude else { return nil }
        self = 0 &- Self(truncatingIfNeeded: number.magnitude)
    }
}

extension UInt64 {
    /// Appends a decimal digit; false where that does not fit.
    fileprivate mutating func append(_ digit: UInt64) -> Bool {
        let (product, overflow) = multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(digit)
        self = sum
        return !overflow && !carry
    }
}

extension UInt8 {
    package var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
