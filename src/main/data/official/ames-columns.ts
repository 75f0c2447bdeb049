import type { ColumnInfo } from '../../../shared/schema/dataset.ts';

/** The columns of train.csv in order; "*" marks words, ":" the number of missing values. */
const layout = `
  Id MSSubClass MSZoning* LotFrontage:259 LotArea Street* Alley*:1369 LotShape* LandContour* Utilities*
  LotConfig* LandSlope* Neighborhood* Condition1* Condition2* BldgType* HouseStyle* OverallQual OverallCond
  YearBuilt YearRemodAdd RoofStyle* RoofMatl* Exterior1st* Exterior2nd* MasVnrType*:8 MasVnrArea:8
  ExterQual* ExterCond* Foundation* BsmtQual*:37 BsmtCond*:37 BsmtExposure*:38 BsmtFinType1*:37 BsmtFinSF1
  BsmtFinType2*:38 BsmtFinSF2 BsmtUnfSF TotalBsmtSF Heating* HeatingQC* CentralAir* Electrical*:1 1stFlrSF
  2ndFlrSF LowQualFinSF GrLivArea BsmtFullBath BsmtHalfBath FullBath HalfBath BedroomAbvGr KitchenAbvGr
  KitchenQual* TotRmsAbvGrd Functional* Fireplaces FireplaceQu*:690 GarageType*:81 GarageYrBlt:81
  GarageFinish*:81 GarageCars GarageArea GarageQual*:81 GarageCond*:81 PavedDrive* WoodDeckSF OpenPorchSF
  EnclosedPorch 3SsnPorch ScreenPorch PoolArea PoolQC*:1453 Fence*:1179 MiscFeature*:1406 MiscVal MoSold
  YrSold SaleType* SaleCondition* SalePrice
`;

function parseColumn(word: string): ColumnInfo {
  const [label = '', missing = '0'] = word.split(':');
  const isCategory = label.endsWith('*');
  return {
    name: isCategory ? label.slice(0, -1) : label,
    type: isCategory ? 'category' : 'number',
    missingCount: Number(missing),
  };
}

/** What the table of Ames house prices holds, for what can be said before it is on this machine. */
export const amesColumns: readonly ColumnInfo[] = layout.trim().split(/\s+/).map(parseColumn);
