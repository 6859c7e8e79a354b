/** PathEstimate as protobuf, for GetPath: the library takes longer to write one than finding it takes. A test holds it to protobufjs. */
import type { PathAdvice__Output } from "../proto/gen/augmenter/v1/PathAdvice.ts";
import type { PathEstimate__Output } from "../proto/gen/augmenter/v1/PathEstimate.ts";
import type { PathKey__Output } from "../proto/gen/augmenter/v1/PathKey.ts";
import { MessageWriter } from "../proto/message-writer.ts";
import { provenanceNumbers } from "./core/query/provenance-numbers.ts";

const writer = new MessageWriter();

/** The bytes of the message. */
export function encodedPath(path: PathEstimate__Output): Buffer {
  writer.begin();
  for (let index = path.measuredElsewhere.length - 1; index >= 0; index -= 1) {
    writer.text(22, path.measuredElsewhere[index] ?? "");
  }
  writer.text(21, path.destinationZone);
  writer.text(20, path.destinationRack);
  writer.text(19, path.destinationHost);
  writer.text(18, path.sourceZone);
  writer.text(17, path.sourceRack);
  writer.whole(16, path.windowsFailed);
  writer.whole(15, path.windowsGranted);
  writer.whole(14, path.connections);
  if (path.advice !== null) writeAdvice(13, path.advice);
  writer.whole(12, path.bdpBytes);
  writer.double(11, path.lossRatio);
  writer.whole(10, path.rateBytesPerSecond);
  writer.whole(9, path.rttP95Us);
  writer.whole(8, path.rttP50Us);
  writer.whole(7, path.minRttUs);
  writer.whole(6, path.rateSamples);
  writer.whole(5, path.rttSamples);
  writer.double(4, path.ageSeconds);
  writer.double(3, path.confidence);
  writer.whole(2, provenanceNumbers[path.provenance]);
  if (path.path !== null) writeKey(1, path.path);
  return writer.end();
}

function writeAdvice(field: number, advice: PathAdvice__Output): void {
  const { place } = writer;
  writer.whole(11, advice.togetherHosts);
  writer.whole(10, advice.togetherSegments);
  writer.whole(9, advice.rtoMinUs);
  writer.whole(8, advice.burstSegments);
  writer.bool(7, advice.capacityKnown);
  writer.text(6, advice.mode);
  writer.text(5, advice.reason);
  writer.whole(4, advice.minRttUs);
  writer.whole(3, advice.receiveWindowBytes);
  writer.whole(2, advice.pathRateBytesPerSecond);
  writer.whole(1, advice.windowSegments);
  writer.nest(field, place);
}

function writeKey(field: number, { source, destination }: PathKey__Output): void {
  const { place } = writer;
  writer.text(2, destination);
  writer.text(1, source);
  writer.nest(field, place);
}
