/** One file of the wheel that the engine needs. */
export interface PinnedMember {
  /** Path inside the wheel. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The wheel of Python's package index that carries TensorFlow's library for one platform. */
export interface PinnedWheel {
  readonly package: string;
  readonly version: string;
  /** Platform tag for pip. */
  readonly pipPlatform: string;
  readonly pythonVersion: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly members: readonly PinnedMember[];
}

/** Version of TensorFlow that the engine is written for. */
export const TENSORFLOW_VERSION = '2.21.0';
/** The libraries do not depend on Python; pip only needs some version to name the file. */
const PYTHON_VERSION = '311';

const LINUX_X64: PinnedWheel = {
  package: 'tensorflow-cpu',
  version: TENSORFLOW_VERSION,
  pipPlatform: 'manylinux_2_27_x86_64',
  pythonVersion: PYTHON_VERSION,
  sizeBytes: 273_829_956,
  sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  members: [
    {
      path: 'tensorflow/libtensorflow_framework.so.2',
      sizeBytes: 65_222_328,
      sha256: 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b',
    },
    {
      path: 'tensorflow/libtensorflow_cc.so.2',
      sizeBytes: 788_086_608,
      sha256: '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e',
    },
  ],
};

const LINUX_ARM64: PinnedWheel = {
  package: 'tensorflow',
  version: TENSORFLOW_VERSION,
  pipPlatform: 'manylinux_2_27_aarch64',
  pythonVersion: PYTHON_VERSION,
  sizeBytes: 281_828_020,
  sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  members: [
    {
      path: 'tensorflow/libtensorflow_framework.so.2',
      sizeBytes: 68_176_664,
      sha256: 'deade33b9ab90ff468fd1d1f8f6079bec5a3a507cf2d13c3218aa8beec28aeb3',
    },
    {
      path: 'tensorflow/libtensorflow_cc.so.2',
      sizeBytes: 814_885_544,
      sha256: '5f7de6ba6478ed7b83767a6e661e3e6e6931b05c64db14ba98250e52316a007c',
    },
  ],
};

const DARWIN_ARM64: PinnedWheel = {
  package: 'tensorflow',
  version: TENSORFLOW_VERSION,
  pipPlatform: 'macosx_12_0_arm64',
  pythonVersion: PYTHON_VERSION,
  sizeBytes: 223_405_849,
  sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
  members: [
    {
      path: 'tensorflow/libtensorflow_framework.2.dylib',
      sizeBytes: 49_452_976,
      sha256: 'e581d6db9e26f13e49327427e5d304cecbfe45d3467db7700e058857a4fd76bb',
    },
    {
      path: 'tensorflow/libtensorflow_cc.2.dylib',
      sizeBytes: 691_352_648,
      sha256: '753272d059c7be51f64369aaa8e12ac514ce372e0c4ba66f3cc49ec3b1c33384',
    },
  ],
};

const WHEELS: Readonly<Record<string, PinnedWheel>> = {
  'linux-x64': LINUX_X64,
  'linux-arm64': LINUX_ARM64,
  'darwin-arm64': DARWIN_ARM64,
};

/** Name of this machine's platform in the table and in folder names, e.g. "linux-x64". */
export function currentPlatform(): string {
  return `${process.platform}-${process.arch}`;
}

/** The wheel of a platform; null where the engine has none. */
export function pinnedWheel(platform: string = currentPlatform()): PinnedWheel | null {
  return WHEELS[platform] ?? null;
}
