import Testing

@testable import RESTShim

/// Pictures of texts for the cameras of telephones, held to those that PyPI's qrcode makes of the same texts.
@Suite struct QRCodeTests {
    private func text(_ code: QRCode) -> String {
        (0..<code.size).map { row in
            String((0..<code.size).map { code.isDark(row: row, column: $0) ? "#" : "." })
        }.joined(separator: "\n")
    }

    @Test func `a short text is this picture`() throws {
        let picture = """
            #######...#.#.#######
            #.....#.....#.#.....#
            #.###.#.#.#...#.###.#
            #.###.#.....#.#.###.#
            #.###.#..#..#.#.###.#
            #.....#..###..#.....#
            #######.#.#.#.#######
            ........#.##.........
            ###.#####.#.###...#..
            ####.#..#...###.#...#
            .######.##.##...#.###
            #.###..#..##.#.#....#
            #.#.######.##....#.#.
            ........#...#.####.##
            #######.#..###.##.###
            #.....#.###.##.#...##
            #.###.#.##.#...##..#.
            #.###.#...###.#.##.#.
            #.###.#.#.####.####.#
            #.....#.####.......#.
            #######.######.###.##
            """
        #expect(text(try #require(QRCode("otpauth://totp"))) == picture)
    }

    /// The last that fits into each version, by the 64 bits of FNV-1a over its picture.
    @Test(
        arguments: [
            (17, 21, 0xA144027292ED0665),
            (18, 25, 0x3113878BD4356CEB),
            (34, 29, 0xE0CD672A69126FD7),
            (53, 29, 0x7FE15C28DDE66903),
            (78, 33, 0x7364BECFA770120D),
            (106, 37, 0xFD7E43EF1CB34E65),
            (134, 41, 0xB9381014768AC831),
            (154, 45, 0x3F2711050AAB3299),
            (192, 49, 0x2E94CDF2C887B5D1),
            (230, 53, 0x3B641CD2172E33D3),
        ] as [(Int, Int, UInt64)])
    func `pictures of every version are those of others`(length: Int, size: Int, fingerprint: UInt64) throws {
        let alphabet = String(repeating: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", count: 8)
        let code = try #require(QRCode(String("otpauth://totp/Hospital:x?secret=\(alphabet)".prefix(length))))
        #expect(code.size == size)
        #expect(text(code).utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } == fingerprint)
    }

    @Test func `what is too long has no picture, and what is dark is dark in the page`() throws {
        #expect(QRCode(String(repeating: "x", count: 231)) == nil)
        let code = try #require(QRCode("x"))
        let picture = code.svg("a <key>")
        #expect(picture.contains("viewBox=\"0 0 29 29\"") && picture.contains("aria-label=\"a &lt;key&gt;\""))
        #expect(picture.components(of: "M").count - 1 == text(code).filter { $0 == "#" }.count)
    }
}

extension String {
    fileprivate func components(of separator: Character) -> [Substring] { split(separator: separator, omittingEmptySubsequences: false) }
}
