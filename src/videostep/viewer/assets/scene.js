// One video of the page: its graph looked up by id, named for people.

/** Reads a data block of the page; an absent one is null. */
function readBlock(id) {
  const block = byId(id);
  return block ? JSON.parse(block.textContent) : null;
}

const overlaps = ([startA, endA], [startB, endB]) => startA < endB && startB < endA;

class Scene {
  constructor(number) {
    this.number = number;
    this.graph = readBlock(`graph-${number}`);
    this.pictures = readBlock(`pictures-${number}`);
    this.clips = this.graph.clips;
    this.keyframes = this.clips.flatMap((clip) => clip.keyframes.map((keyframe) => ({ ...keyframe, clip })));
    this.elements = new Map();
    this.#index("object", this.graph.objects);
    this.#index("attribute", this.graph.attributes);
    this.#index("relation", this.graph.relations);
    this.#index("motion", this.graph.motions);
    this.#index("reference", this.graph.references);
    this.#index("event", this.clips.map((clip) => ({ ...clip.event, clip: clip.id })));
    this.names = this.#nameObjects();
    this.touching = this.#joinObjects();
  }

  #index(kind, items) {
    for (const item of items) this.elements.set(item.id, { kind, item });
  }

  /** The same name for the same thing in all its scenes: `person 2` where the video has several, else `person`. */
  #nameObjects() {
    const things = this.#joinSame();
    const labels = Map.groupBy([...new Set(things.values())], (first) => this.object(first).label);
    const nameOf = (first) => {
      const { label } = this.object(first);
      const rivals = labels.get(label);
      return rivals.length > 1 ? `${label} ${rivals.indexOf(first) + 1}` : label;
    };
    return new Map([...things].map(([id, first]) => [id, nameOf(first)]));
  }

  /** Object id to the first object that references join it to. */
  #joinSame() {
    const parent = new Map(this.graph.objects.map((object) => [object.id, object.id]));
    const rank = new Map(this.graph.objects.map((object, at) => [object.id, at]));
    const root = (id) => (parent.get(id) === id ? id : root(parent.get(id)));
    for (const { objects } of this.graph.references) {
      const [first, later] = objects.map(root).sort((a, b) => rank.get(a) - rank.get(b));
      parent.set(later, first);
    }
    return new Map([...parent.keys()].map((id) => [id, root(id)]));
  }

  /** Object id to the elements that are about it, itself left out. */
  #joinObjects() {
    const touching = new Map(this.graph.objects.map((object) => [object.id, []]));
    for (const [id, element] of this.elements) {
      if (element.kind === "object") continue;
      for (const object of this.objectsOf(id)) touching.get(object)?.push(id);
    }
    return touching;
  }

  /** The objects that an element is about. */
  objectsOf(id) {
    const { kind, item } = this.elements.get(id) ?? {};
    switch (kind) {
      case "object": return [item.id];
      case "attribute": case "motion": return [item.object];
      case "relation": return [item.subject, item.object];
      case "reference": return item.objects;
      case "event": return item.participants;
      default: return [];
    }
  }

  object(id) {
    return this.elements.get(id)?.item;
  }

  attributesOf(objectId) {
    return this.#about(objectId, "attribute");
  }

  motionsOf(objectId) {
    return this.#about(objectId, "motion");
  }

  relationsFrom(objectId) {
    return this.#about(objectId, "relation").filter((relation) => relation.subject === objectId);
  }

  #about(objectId, kind) {
    const elements = (this.touching.get(objectId) ?? []).map((id) => this.elements.get(id));
    return elements.filter((element) => element.kind === kind).map((element) => element.item);
  }

  /** The object, the edges at it, and the objects at their other ends. */
  neighbourhood(id) {
    const around = new Set([id]);
    for (const object of this.objectsOf(id)) around.add(object);
    if (this.elements.get(id)?.kind !== "object") return around;
    for (const edge of this.touching.get(id)) {
      around.add(edge);
      for (const object of this.objectsOf(edge)) around.add(object);
    }
    return around;
  }

  clipsOf(id) {
    const { kind, item } = this.elements.get(id) ?? {};
    if (kind === "event") return [item.clip];
    return this.objectsOf(id).map((object) => this.object(object)?.clip).filter(Boolean);
  }

  spansOf(id) {
    const { item } = this.elements.get(id) ?? {};
    if (!item) return [];
    return item.spans_s ?? (item.span_s ? [item.span_s] : []);
  }

  /** What an element says, in words. */
  words(id) {
    const { kind, item } = this.elements.get(id) ?? {};
    const name = (object) => this.names.get(object) ?? object;
    switch (kind) {
      case "object": return name(id);
      case "attribute": return `${name(item.object)}: ${item.name} ${item.value}`;
      case "relation": return `${name(item.subject)} ${item.predicate} ${name(item.object)}`;
      case "motion": return `${name(item.object)} ${item.predicate}`;
      case "reference": return `${this.#placed(item.objects[0])} is ${this.#placed(item.objects[1])}`;
      case "event": return item.description;
      default: return id;
    }
  }

  #placed(objectId) {
    return `${this.names.get(objectId) ?? objectId} (${this.clipName(this.object(objectId)?.clip)})`;
  }

  clipName(clipId) {
    return `scene ${this.clips.findIndex((clip) => clip.id === clipId) + 1}`;
  }

  keyframe(id) {
    return this.keyframes.find((keyframe) => keyframe.id === id);
  }

  keyframeAt(timeS) {
    return this.keyframes.find(({ covers_s: [startS, endS] }) => startS <= timeS && timeS < endS) ?? this.keyframes.at(-1);
  }

  /** Boxes of one keyframe as {object, xyxy}, the largest first so that small ones stay on top. */
  boxesIn(keyframeId) {
    const area = ({ xyxy: [x1, y1, x2, y2] }) => (x2 - x1) * (y2 - y1);
    return this.graph.objects
      .flatMap((object) => object.boxes.filter((box) => box.keyframe === keyframeId).map(({ xyxy }) => ({ object, xyxy })))
      .sort((a, b) => area(b) - area(a));
  }

  /** The first of the keyframes that show most things. */
  richestKeyframe() {
    const counts = this.keyframes.map((keyframe) => this.boxesIn(keyframe.id).length);
    return this.keyframes[counts.indexOf(Math.max(...counts))];
  }

  /** The keyframe that shows most of these elements at these times; null when none shows any. */
  bestKeyframe(ids, spans) {
    let best = null;
    let most = 0;
    const objects = new Set([...ids].flatMap((id) => this.objectsOf(id)));
    for (const keyframe of this.keyframes) {
      const inTime = spans.some((span) => overlaps(span, keyframe.covers_s)) ? 1 : 0;
      const shown = [...objects].filter((id) => this.object(id)?.boxes.some((box) => box.keyframe === keyframe.id)).length;
      const score = 2 * shown + 3 * inTime;
      if (score > most) [best, most] = [keyframe, score];
    }
    return best;
  }
}

/** `red top` for `top colour` `red`: short words for an attribute's small node. */
function attributeWords({ name, value }) {
  const part = name.match(/^(.*) colou?r$/)?.[1];
  return part ? `${value} ${part === "trouser" ? "trousers" : part}` : value;
}
