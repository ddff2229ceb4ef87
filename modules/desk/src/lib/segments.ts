// How a text message is counted: GSM 03.38 where every character is in its alphabet, else UCS-2.

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION = "\f^{}\\[~]|€";
const basic = new Set(BASIC);
const extension = new Set(EXTENSION);

export interface Segments {
  encoding: "GSM-7" | "UCS-2";
  /** Septets of GSM-7 (an extension character takes two), UTF-16 units of UCS-2. */
  units: number;
  segments: number;
  perSegment: number;
  /** How many units still fit into the last segment. */
  left: number;
  /** The characters that made it UCS-2, each once, in the order of the text. */
  outside: string[];
}

export function segmentsOf(text: string): Segments {
  const outside: string[] = [];
  const sizes: number[] = [];
  for (const character of text) {
    if (basic.has(character)) sizes.push(1);
    else if (extension.has(character)) sizes.push(2);
    else if (!outside.includes(character)) outside.push(character);
  }
  if (outside.length === 0) return count("GSM-7", sizes, 160, 153, outside);
  return count("UCS-2", Array.from(text, (character) => character.length), 70, 67, outside);
}

function count(
  encoding: Segments["encoding"],
  sizes: number[],
  alone: number,
  joined: number,
  outside: string[],
): Segments {
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= alone) {
    const segments = units === 0 ? 0 : 1;
    return { encoding, units, segments, perSegment: alone, left: alone - units, outside };
  }
  // An escape sequence or a pair of surrogates is never parted, so a segment may end short.
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > joined) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return { encoding, units, segments, perSegment: joined, left: joined - used, outside };
}
