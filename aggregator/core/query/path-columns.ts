/**
 * The columns of BatchGetPathsResponse, where they lie in the message itself: a packed column of fixed-width numbers is, on the wire, the
 * little-endian memory of a typed array, and one of enum values below 128 a byte each (protobuf.dev/programming-guides/encoding). What is
 * written into a column is written into the message: nothing of 2.4 MB is put together or copied.
 */

/** The columns, one element a pair. */
export interface PathColumns {
  readonly confidence: Float32Array;
  readonly ageSeconds: Float32Array;
  readonly minRttUs: Uint32Array;
  readonly rttP50Us: Uint32Array;
  readonly rttP95Us: Uint32Array;
  readonly rateBytesPerSecond: Float32Array;
  readonly lossRatio: Float32Array;
  readonly samples: Uint32Array;
  readonly windowSegments: Uint32Array;
  /** By the number of the enum. Last, as its bytes are not a multiple of four. */
  readonly provenance: Uint8Array;
}

const lengthDelimited = 2;
/** Columns of four bytes an element. */
const wordColumns = 9;
/** Key and length of a column, so that what follows is aligned: a length of fewer bytes is a varint that goes on with zeros. */
const headBytes = 4;

/** Columns of zeros: nothing is known of any pair. At most 2^19 pairs: three bytes hold the length of a column. */
export function emptyColumns(count: number): PathColumns {
  const message = new Uint8Array((headBytes + 4 * count) * wordColumns + headBytes + count);
  const { buffer } = message;
  let at = 0;
  const place = (field: number, bytes: number) => {
    writeHead(message, at, field, bytes);
    at += headBytes + bytes;
    return at - bytes;
  };
  const reals = (field: number) => new Float32Array(buffer, place(field, 4 * count), count);
  const wholes = (field: number) => new Uint32Array(buffer, place(field, 4 * count), count);
  // By the field numbers of the message, in the order of its bytes.
  return {
    confidence: reals(2),
    ageSeconds: reals(3),
    minRttUs: wholes(4),
    rttP50Us: wholes(5),
    rttP95Us: wholes(6),
    rateBytesPerSecond: reals(7),
    lossRatio: reals(8),
    samples: wholes(9),
    windowSegments: wholes(10),
    provenance: new Uint8Array(buffer, place(1, count), count),
  };
}

function writeHead(message: Uint8Array, at: number, field: number, bytes: number): void {
  message[at] = (field << 3) | lengthDelimited;
  message[at + 1] = (bytes & 0x7f) | 0x80;
  message[at + 2] = ((bytes >>> 7) & 0x7f) | 0x80;
  message[at + 3] = bytes >>> 14;
}
