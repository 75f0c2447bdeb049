import { classTarget, digitClasses, numberTarget } from '../describe-dataset.ts';
import { cifar10Classes } from '../readers/index.ts';
import { amesColumns } from './ames-columns.ts';
import type { OfficialDataset } from './official-dataset.ts';

const FASHION_ADDRESS = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com';
const USPS_ADDRESS = 'https://hastie.su.domains/ElemStatLearn/datasets';

function fashionFile(name: string, sizeBytes: number, sha256: string): OfficialDataset['files'][number] {
  return { name, address: `${FASHION_ADDRESS}/${name}`, sizeBytes, sha256 };
}

const fashionMnist: OfficialDataset = {
  id: 'fashion-mnist',
  storedAs: 'fashion-mnist',
  name: 'Fashion-MNIST',
  description: 'Grey pictures of clothes, 28x28, in ten classes (Xiao, Rasul, Vollgraf 2017).',
  homepage: 'https://github.com/zalandoresearch/fashion-mnist',
  licence: 'MIT, Zalando SE',
  files: [
    fashionFile(
      'train-images-idx3-ubyte.gz',
      26_421_880,
      '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
    ),
    fashionFile(
      'train-labels-idx1-ubyte.gz',
      29_515,
      'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
    ),
    fashionFile(
      't10k-images-idx3-ubyte.gz',
      4_422_102,
      '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
    ),
    fashionFile(
      't10k-labels-idx1-ubyte.gz',
      5_148,
      '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
    ),
  ],
  importHint: 'Drop the four files of the dataset (…-images-idx3-ubyte.gz and …-labels-idx1-ubyte.gz).',
  published: {
    featureShape: [28, 28, 1],
    featureNames: [],
    targets: [
      classTarget('garment', [
        'T-shirt',
        'Trouser',
        'Pullover',
        'Dress',
        'Coat',
        'Sandal',
        'Shirt',
        'Sneaker',
        'Bag',
        'Ankle boot',
      ]),
    ],
    columns: null,
    trainExamples: 60_000,
    testExamples: 10_000,
  },
};

// The server names no digests, and no copy at hand is proven to be the same to the byte.
const uspsFiles: OfficialDataset['files'] = [
  { name: 'zip.train.gz', address: `${USPS_ADDRESS}/zip.train.gz`, sizeBytes: 1_829_071, sha256: null },
  { name: 'zip.test.gz', address: `${USPS_ADDRESS}/zip.test.gz`, sizeBytes: 439_208, sha256: null },
];
const USPS_LICENCE = 'None stated; made available by the neural network group at AT&T research labs';
const USPS_HOMEPAGE = 'https://hastie.su.domains/ElemStatLearn/data.html';

const usps: OfficialDataset = {
  id: 'usps',
  storedAs: 'usps',
  name: 'USPS digits',
  description: 'Handwritten digits of zip codes, grey, 16x16 (Le Cun et al. 1990).',
  homepage: USPS_HOMEPAGE,
  licence: USPS_LICENCE,
  files: uspsFiles,
  importHint: 'Drop zip.train.gz and zip.test.gz.',
  published: {
    featureShape: [16, 16, 1],
    featureNames: [],
    targets: [classTarget('digit', digitClasses)],
    columns: null,
    trainExamples: 7_291,
    testExamples: 2_007,
  },
};

/** Colours of coloured USPS by label. */
export const digitColours = ['red', 'green', 'blue', 'yellow', 'magenta'] as const;

const colouredUsps: OfficialDataset = {
  id: 'coloured-usps',
  storedAs: 'usps',
  name: 'Coloured USPS digits',
  description: 'The USPS digits, each in one of five colours: two things to tell from one picture.',
  homepage: USPS_HOMEPAGE,
  licence: USPS_LICENCE,
  files: uspsFiles,
  importHint: 'It is made from USPS digits: drop zip.train.gz and zip.test.gz.',
  published: {
    ...usps.published,
    featureShape: [16, 16, 3],
    targets: [classTarget('digit', digitClasses), classTarget('colour', digitColours)],
  },
};

const cifar10: OfficialDataset = {
  id: 'cifar-10',
  storedAs: 'cifar-10',
  name: 'CIFAR-10',
  description: 'Colour photographs, 32x32, in ten classes (Krizhevsky 2009).',
  homepage: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  licence: 'None stated; the authors ask to cite Krizhevsky 2009',
  files: [
    {
      name: 'cifar-10-binary.tar.gz',
      address: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
      sizeBytes: 170_052_171,
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
    },
  ],
  importHint:
    'Drop cifar-10-binary.tar.gz, or the batches (data_batch_1.bin … and test_batch.bin), some or all.',
  published: {
    featureShape: [32, 32, 3],
    featureNames: [],
    targets: [classTarget('object', cifar10Classes)],
    columns: null,
    trainExamples: 50_000,
    testExamples: 10_000,
  },
};

const amesHousePrices: OfficialDataset = {
  id: 'ames-house-prices',
  storedAs: 'ames-house-prices',
  name: 'Ames house prices',
  description: 'Houses sold in Ames, Iowa, from 2006 to 2010: 79 features and the price (De Cock 2011).',
  homepage: 'https://www.kaggle.com/c/house-prices-advanced-regression-techniques',
  licence: "Kaggle's competition rules",
  // The address asks for an account.
  files: [],
  importHint: 'Download train.csv of the Kaggle competition "House Prices" with an account and drop it.',
  published: {
    featureShape: [1],
    featureNames: [],
    targets: [numberTarget('SalePrice', 'USD')],
    columns: [...amesColumns],
    trainExamples: 1_460,
    testExamples: 0,
  },
};

/** The datasets with an official address or a well-known file, in the order they are listed. */
export const officialDatasets: readonly OfficialDataset[] = [
  fashionMnist,
  usps,
  colouredUsps,
  cifar10,
  amesHousePrices,
];

/** The dataset of the catalogue with this id, or null. */
export function findOfficial(id: string): OfficialDataset | null {
  return officialDatasets.find((dataset) => dataset.id === id) ?? null;
}

/** Units of columns of the catalogue's tables, by dataset and column. */
export function officialUnit(id: string, column: string): string | null {
  const target = findOfficial(id)?.published.targets.find(({ name }) => name === column);
  return target?.unit ?? null;
}
