import Foundation

/// How many bookings a second there are at each size of the table, as a picture: sizes by their magnitude to the right,
/// rates from zero up.
struct GrowthPicture {
    let points: [(size: Int, perSecond: Double)]

    private static let width = 640.0
    private static let height = 320.0
    private static let margin = 56.0

    var svg: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(text(Self.width)) \(text(Self.height))" font-family="sans-serif" font-size="13">
        <rect width="100%" height="100%" fill="#ffffff"/>
        <text x="\(text(Self.margin))" y="24" font-size="15">Bookings a second as the table grows (64 clients, synchronous = FULL)</text>
        \(axes)
        <polyline fill="none" stroke="#2a6f97" stroke-width="2" points="\(places.map { "\(text($0.x)),\(text($0.y))" }.joined(separator: " "))"/>
        \(zip(points, places).map(label).joined(separator: "\n"))
        </svg>

        """
    }

    private var axes: String {
        let (left, bottom) = (Self.margin, Self.height - Self.margin)
        return """
            <path d="M\(text(left)) \(text(Self.margin)) V\(text(bottom)) H\(text(Self.width - Self.margin / 2))" fill="none" stroke="#888888"/>
            """
    }

    private func label(_ point: (size: Int, perSecond: Double), at place: (x: Double, y: Double)) -> String {
        """
        <circle cx="\(text(place.x))" cy="\(text(place.y))" r="4" fill="#2a6f97"/>
        <text x="\(text(place.x))" y="\(text(place.y - 10))" text-anchor="middle">\(Int(point.perSecond))</text>
        <text x="\(text(place.x))" y="\(text(Self.height - Self.margin + 20))" text-anchor="middle">\(point.size)</text>
        """
    }

    private var places: [(x: Double, y: Double)] {
        let magnitudes = points.map { log10(Double(max(1, $0.size))) }
        let (first, last) = (magnitudes.first ?? 0, magnitudes.last ?? 1)
        let top = points.map(\.perSecond).max() ?? 1
        return zip(magnitudes, points).map { magnitude, point in
            let across = last > first ? (magnitude - first) / (last - first) : 0.5
            return (
                x: Self.margin * 1.5 + across * (Self.width - Self.margin * 3),
                y: Self.height - Self.margin - point.perSecond / (top * 1.15) * (Self.height - 2 * Self.margin)
            )
        }
    }

    private func text(_ number: Double) -> String { String(format: "%.1f", number) }
}
