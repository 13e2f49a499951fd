/// A text as a picture that a telephone's camera reads (QR code, ISO/IEC 18004): in bytes, with the least error correction (L), which a screen
/// needs no more of, and versions 1 to 9, which hold 230 bytes.
struct QRCode: Sendable {
    /// Modules on a side, without the quiet zone.
    let size: Int
    /// Row by row; nil where nothing stands yet.
    private var modules: [Bool?]

    /// What a version holds, and what helps to correct it.
    private struct Version {
        let number: Int
        let dataBytes: Int
        /// In each of so many blocks of one length.
        let correctionBytes: Int
        let blocks: Int
        /// Where the centres of alignment patterns are, in both directions.
        let alignment: [Int]
    }

    private static let versions = [
        Version(number: 1, dataBytes: 19, correctionBytes: 7, blocks: 1, alignment: []),
        Version(number: 2, dataBytes: 34, correctionBytes: 10, blocks: 1, alignment: [6, 18]),
        Version(number: 3, dataBytes: 55, correctionBytes: 15, blocks: 1, alignment: [6, 22]),
        Version(number: 4, dataBytes: 80, correctionBytes: 20, blocks: 1, alignment: [6, 26]),
        Version(number: 5, dataBytes: 108, correctionBytes: 26, blocks: 1, alignment: [6, 30]),
        Version(number: 6, dataBytes: 136, correctionBytes: 18, blocks: 2, alignment: [6, 34]),
        Version(number: 7, dataBytes: 156, correctionBytes: 20, blocks: 2, alignment: [6, 22, 38]),
        Version(number: 8, dataBytes: 194, correctionBytes: 24, blocks: 2, alignment: [6, 24, 42]),
        Version(number: 9, dataBytes: 232, correctionBytes: 30, blocks: 2, alignment: [6, 26, 46]),
    ]

    /// Nil where the text is too long.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let version = Self.versions.first(where: { bytes.count + 2 <= $0.dataBytes }) else { return nil }
        size = 17 + 4 * version.number
        modules = Array(repeating: nil, count: size * size)
        drawPatterns(of: version)
        drawFormat()
        drawData(Self.codewords(bytes, version))
    }

    func isDark(row: Int, column: Int) -> Bool { modules[row * size + column] == true }

    // MARK: What is written

    /// Mode and length in twelve bits, the bytes, an end of four, and what fills up; in blocks, and behind them what corrects each.
    private static func codewords(_ bytes: [UInt8], _ version: Version) -> [UInt8] {
        var halves: [UInt8] = [4, UInt8(bytes.count >> 4), UInt8(bytes.count & 15)]
        for byte in bytes { halves += [byte >> 4, byte & 15] }
        halves.append(0)
        var data: [UInt8] = stride(from: 0, to: halves.count, by: 2).map { halves[$0] << 4 | halves[$0 + 1] }
        while data.count < version.dataBytes { data.append((data.count - bytes.count) % 2 == 0 ? 0xEC : 0x11) }
        let length = version.dataBytes / version.blocks
        let blocks = (0..<version.blocks).map { Array(data[$0 * length..<($0 + 1) * length]) }
        let corrections = blocks.map { ReedSolomon.correction(of: $0, count: version.correctionBytes) }
        return interleaved(blocks) + interleaved(corrections)
    }

    private static func interleaved(_ blocks: [[UInt8]]) -> [UInt8] {
        (0..<(blocks.first?.count ?? 0)).flatMap { index in blocks.map { $0[index] } }
    }

    // MARK: Where it stands

    private mutating func set(_ row: Int, _ column: Int, _ isDark: Bool) {
        modules[row * size + column] = isDark
    }

    /// What a reader finds the picture by: timing, corners, alignment, and from version 7 on the version.
    private mutating func drawPatterns(of version: Version) {
        for place in 0..<size {
            set(6, place, place % 2 == 0)
            set(place, 6, place % 2 == 0)
        }
        for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] {
            drawSquares(row, column, reach: 4) { $0 != 2 && $0 != 4 }
        }
        let (first, last) = (version.alignment.first ?? 0, version.alignment.last ?? 0)
        for row in version.alignment {
            for column in version.alignment where ![[first, first], [first, last], [last, first]].contains([row, column]) {
                drawSquares(row, column, reach: 2) { $0 != 1 }
            }
        }
        guard version.number >= 7 else { return }
        let bits = Self.withRemainder(version.number, generator: 0x1F25, of: 12)
        for bit in 0..<18 {
            let (near, far) = (bit / 3, size - 11 + bit % 3)
            set(near, far, bits >> bit & 1 == 1)
            set(far, near, bits >> bit & 1 == 1)
        }
    }

    private mutating func drawSquares(_ row: Int, _ column: Int, reach: Int, _ isDark: (_ distance: Int) -> Bool) {
        for down in -reach...reach {
            for right in -reach...reach where (0..<size).contains(row + down) && (0..<size).contains(column + right) {
                set(row + down, column + right, isDark(max(abs(down), abs(right))))
            }
        }
    }

    /// That errors are corrected as L does, and that mask 0 is on it, twice.
    private mutating func drawFormat() {
        let bits = Self.withRemainder(0b01_000, generator: 0x537, of: 10) ^ 0x5412
        func isDark(_ bit: Int) -> Bool { bits >> bit & 1 == 1 }
        for bit in 0..<15 {
            switch bit {
            case 0..<6: set(bit, 8, isDark(bit))
            case 6, 7: set(bit + 1, 8, isDark(bit))
            case 8: set(8, 7, isDark(bit))
            default: set(8, 14 - bit, isDark(bit))
            }
        }
        for bit in 0..<8 { set(8, size - 1 - bit, isDark(bit)) }
        for bit in 8..<15 { set(size - 15 + bit, 8, isDark(bit)) }
        set(size - 8, 8, true)
    }

    /// In pairs of columns from the right, up and down by turns, the highest bit first, under mask 0.
    private mutating func drawData(_ codewords: [UInt8]) {
        var bit = 0
        var isUpward = true
        var right = size - 1
        while right > 0 {
            // The column of the timing pattern counts as none.
            if right == 6 { right = 5 }
            for step in 0..<size {
                let row = isUpward ? size - 1 - step : step
                for column in [right, right - 1] where modules[row * size + column] == nil {
                    let isSet = bit / 8 < codewords.count && codewords[bit / 8] >> (7 - bit % 8) & 1 == 1
                    set(row, column, isSet != ((row + column) % 2 == 0))
                    bit += 1
                }
            }
            isUpward.toggle()
            right -= 2
        }
    }

    /// A number and behind it the remainder of its division by a polynomial over GF(2) (BCH).
    private static func withRemainder(_ number: Int, generator: Int, of bits: Int) -> Int {
        var rest = number
        for _ in 0..<bits { rest = rest << 1 ^ (rest >> (bits - 1) & 1) * generator }
        return number << bits | rest & (1 << bits - 1)
    }
}

/// Reed–Solomon over GF(2⁸) by 0x11D, as QR codes have it.
private enum ReedSolomon {
    static func correction(of data: [UInt8], count: Int) -> [UInt8] {
        let divisor = divisor(of: count)
        var rest = [UInt8](repeating: 0, count: count)
        for byte in data {
            let factor = byte ^ rest.removeFirst()
            rest.append(0)
            for index in rest.indices { rest[index] ^= product(divisor[index], factor) }
        }
        return rest
    }

    /// (x − 1)(x − 2)(x − 4)…, without its highest coefficient, which is 1.
    private static func divisor(of degree: Int) -> [UInt8] {
        var divisor = [UInt8](repeating: 0, count: degree - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<degree {
            for index in divisor.indices {
                divisor[index] = product(divisor[index], root) ^ (index + 1 < degree ? divisor[index + 1] : 0)
            }
            root = product(root, 2)
        }
        return divisor
    }

    private static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product = 0
        for bit in (0..<8).reversed() {
            product = product << 1 ^ (product >> 7) * 0x11D
            if right >> bit & 1 == 1 { product ^= Int(left) }
        }
        return UInt8(truncatingIfNeeded: product)
    }
}

extension QRCode {
    /// As a picture in a page, dark on light whatever the page's colours are, with the quiet zone of four modules that readers want.
    ///
    /// - Parameter label: what it is, for who does not see it.
    func svg(_ label: String) -> String {
        var path = ""
        for row in 0..<size {
            for column in 0..<size where isDark(row: row, column: column) { path += "M\(column + 4) \(row + 4)h1v1h-1z" }
        }
        return """
            <svg class="qr" viewBox="0 0 \(size + 8) \(size + 8)" role="img" aria-label="\(FormPage.escaped(label))" shape-rendering="crispEdges">\
            <rect width="100%" height="100%" fill="#fff"/><path d="\(path)"/></svg>
            """
    }
}
