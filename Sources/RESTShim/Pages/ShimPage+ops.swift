import CDocs
import NIOHTTP1

extension ShimPage {
    /// The page on which an operator sees what the hospital does. It holds nothing of the hospital: whoever opens it brings a
    /// token of an administrator, with which it asks.
    static let ops = embedded("/ops", opsPieces)

    private static let opsPieces = pieces(of: ops_html(), ["ops.css": ops_css(), "ops.js": ops_js()])
}
